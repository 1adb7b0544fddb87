"""What the reports must contain, computed from the documents alone.

Nothing here shares code with the product: it is slow, holds everything in memory, and exists to disagree.
"""
