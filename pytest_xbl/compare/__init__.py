"""How two session documents differ, in the words of the field.

Members are told apart by their xuids, not by where they stand.
"""
