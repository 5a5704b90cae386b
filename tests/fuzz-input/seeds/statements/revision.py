def upgrade():
    op.execute(r"""a""")  # b
    f'x{1!r}'
