"""What a machine suggests: which kind of problem somebody probably means, learned from what the city decided itself; and
what a report says in another language, where the operator has a translator.
"""
