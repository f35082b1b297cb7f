"""Who a person is, in which department, with which role."""
