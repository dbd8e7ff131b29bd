"""Read an answer as the object it is since openai 1.0.

answer["choices"]                ->  answer.choices
delta.get("content", "")         ->  (delta.content or "")
"content" in delta               ->  delta.content is not None
"error" in answer                ->  hasattr(answer, "error")
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codemods.context import Context
from codemods.lazy import LazyModule
from codemods.outcome import CannotRewrite
from codemods.registry import codemod
from migrator.edits import AsMapping, ResultAttribute
from migrator.language import _

if TYPE_CHECKING:
    import libcst as cst
else:
    cst = LazyModule("libcst")


@codemod(
    ResultAttribute,
    name="result-attribute",
    summary="Read a field of an answer as an attribute",
    review="Check that nothing but an answer of openai comes here",
)
def read_attribute(
    instruction: ResultAttribute, node: cst.BaseExpression, context: Context
) -> cst.BaseExpression:
    """Raises CannotRewrite for what is not the read that the instruction says."""
    name = instruction.name
    match instruction.form, node:
        case "item", cst.Subscript(value=base):
            return _field(base, name, node)
        case "get", cst.Call(func=cst.Attribute(value=base), args=[_, *rest]):
            if not instruction.known:
                default = rest[0].value if rest else cst.Name("None")
                return _by_name("getattr", context, base, name, default)
            field = _field(base, name, node)
            if instruction.always or not rest or _is_none(rest[0].value):
                return field
            default = rest[0].value
            if _is_loose(default):
                default = _bracketed(default)
            return cst.BooleanOperation(field, cst.Or(), default)
        case "contains", cst.Comparison(comparisons=[cst.ComparisonTarget(operator, base)]):
            if not instruction.known:
                found = _by_name("hasattr", context, base, name)
                there = isinstance(operator, cst.In)
                return found if there else cst.UnaryOperation(cst.Not(), found)
            test: cst.BaseCompOp = cst.Is() if isinstance(operator, cst.NotIn) else cst.IsNot()
            target = cst.ComparisonTarget(test, cst.Name("None"))
            return node.with_changes(left=_field(base, name, node), comparisons=[target])
    raise CannotRewrite(_("it is not a plain read of one field"))


def _by_name(
    function: str, context: Context, base: cst.BaseExpression, name: str, *rest: cst.BaseExpression
) -> cst.Call:
    arguments = [base, context.string(name), *rest]
    return cst.Call(cst.Name(function), [cst.Arg(one) for one in arguments])


def _field(base: cst.BaseExpression, name: str, node: cst.BaseExpression) -> cst.Attribute:
    return cst.Attribute(_tight(base), cst.Name(name), lpar=node.lpar, rpar=node.rpar)


def _tight(base: cst.BaseExpression) -> cst.BaseExpression:
    plain = (cst.Name, cst.Attribute, cst.Call, cst.Subscript)
    return base if isinstance(base, plain) or base.lpar else _bracketed(base)


def _bracketed(node: cst.BaseExpression) -> cst.BaseExpression:
    return node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


def _is_none(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Name) and node.value == "None"


def _is_loose(node: cst.BaseExpression) -> bool:
    return isinstance(node, (cst.IfExp, cst.Lambda, cst.NamedExpr)) and not node.lpar


@codemod(
    AsMapping,
    name="as-mapping",
    summary="Make a dict of an answer where it leaves as one",
    review="Check that what reads the dict expects the fields of the new release",
)
def as_mapping(
    instruction: AsMapping, node: cst.BaseExpression, context: Context
) -> cst.BaseExpression:
    """The expression's value as a plain dict."""
    method = cst.Attribute(_tight(node), cst.Name(instruction.method))
    if not instruction.sent:
        return cst.Call(method)
    blanks = cst.SimpleWhitespace("")
    equal = cst.AssignEqual(blanks, blanks)
    return cst.Call(method, [cst.Arg(cst.Name("True"), cst.Name("exclude_none"), equal)])
