"""The web: pages and the HTTP interface, made from the declarations of the analyses."""
