"""Every table of the shop. Importing this package is enough to fill `Base.metadata`."""

from shop.models.base import Base
from shop.models.catalog import Brand, Category, Product, ProductCategory, ProductImage, ProductVariant, Review
from shop.models.customers import Address, Customer
from shop.models.orders import Campaign, Cart, CartItem, Coupon, CouponRedemption, Order, OrderItem
from shop.models.billing import Invoice, InvoiceLine, Payment, Refund, TaxRate
from shop.models.warehouse import PurchaseOrder, PurchaseOrderLine, Shipment, StockLevel, Supplier, Warehouse
from shop.models.audit import Event, Login

metadata = Base.metadata

__all__ = [
    "Address", "Base", "Brand", "Campaign", "Cart", "CartItem", "Category", "Coupon", "CouponRedemption",
    "Customer", "Event", "Invoice", "InvoiceLine", "Login", "Order", "OrderItem", "Payment", "Product",
    "ProductCategory", "ProductImage", "ProductVariant", "PurchaseOrder", "PurchaseOrderLine", "Refund",
    "Review", "Shipment", "StockLevel", "Supplier", "TaxRate", "Warehouse", "metadata",
]
