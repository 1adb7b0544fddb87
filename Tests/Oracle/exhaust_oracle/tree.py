"""The tree of a collection: nested collections, leaves, assessments (design.md 6.1)."""

import json

from .values import elements, entries, is_true

COLLECTION = "application/vnd.ekstep.content-collection"


def _is_collection(node):
    return node.get("mimeType") == COLLECTION


def _children(node):
    return [child for child in elements(node.get("children")) if isinstance(child, dict)]


def _distinct(nodes):
    """By identifier, at first position; a node without one can neither be named nor counted."""
    found = {}
    for node in nodes:
        if node.get("identifier"):
            found.setdefault(node["identifier"], node)
    return found


def _depth_first(node):
    yield node
    for child in _children(node):
        yield from _depth_first(child)


def _leaves_below(node):
    """Every node that is no collection, not looking inside one: the children of a leaf are not leaves."""
    for child in _children(node):
        if _is_collection(child):
            yield from _leaves_below(child)
        else:
            yield child


def _collections_below(node, depth):
    if depth <= 0:
        return
    for child in _children(node):
        if _is_collection(child):
            yield child
        yield from _collections_below(child, depth - 1)


class Tree:
    """One collection. `root` may be an object, JSON text, or None where there is no hierarchy row."""

    def __init__(self, root):
        if isinstance(root, str):
            root = json.loads(root)
        self.has_row = isinstance(root, dict)
        self.root = root if self.has_row else {}
        self.leaves = _distinct(_leaves_below(self.root))
        self.optional = {
            identifier
            for identifier, node in self.leaves.items()
            if is_true(entries(node.get("relationalMetadata")).get("optional"))
        }
        self.required = [identifier for identifier in self.leaves if identifier not in self.optional]

    def leaf_nodes_count(self, content):
        """Of the root, or of the catalogue's row where there is no hierarchy; 0 where nobody says."""
        holder = self.root if self.has_row else content
        return int(holder.get("leafNodesCount") or 0)

    def nested(self, depth):
        """Identifier to required leaves, depth first. Each node counts the leaves that lie below itself."""
        return {
            identifier: [leaf for leaf in _distinct(_leaves_below(node)) if leaf not in self.optional]
            for identifier, node in _distinct(_collections_below(self.root, depth)).items()
        }

    def assessments(self, settings):
        """Identifiers of the contents whose scores count, depth first, root included."""
        content_types = settings.list("assessment.metrics.supported.contentType")
        object_types = settings.list("assessment.metrics.supported.objectType") or ["QuestionSet"]
        categories = settings.list("assessment.metrics.supported.primaryCategories")

        def qualifies(node):
            return node.get("contentType") in content_types or (
                node.get("objectType") in object_types and node.get("primaryCategory") in categories
            )

        return list(_distinct(node for node in _depth_first(self.root) if qualifies(node)))
