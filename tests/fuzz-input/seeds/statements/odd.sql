SELECT é$é$é, U&"\0041", 1e5, $1, :name, a::b;
;;