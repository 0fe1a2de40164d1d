"""The ledger: what an organisation has recorded. Datasets, findings with their recipes, and the work in hand.

Django is first met here, and only here may the rooms below be brought together with a
database. The web is above: this room knows nothing of pages or requests.
"""
