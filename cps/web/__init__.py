"""The toolkit of the edges: pages, transactions, sign-in, assets, headers."""
