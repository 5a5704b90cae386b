CREATE TABLE t (at date) ;
