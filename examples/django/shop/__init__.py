"""A shop that takes no order without a verified phone number."""
