"""Take photos in, make them safe, store them."""
