"""What may be done about decisions: asked, advised on, taken, looked at again, published."""
