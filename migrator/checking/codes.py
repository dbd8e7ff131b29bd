"""The codes of `migrate check`, and what is said of each use."""

from __future__ import annotations

from migrator.language import marked

PREFIX = "new-openai-"
IMPORT, CLASS, URL, KEY, MODEL, DEPENDENCY = (
    f"{PREFIX}{name}" for name in ("import", "class", "url", "key", "model", "dependency")
)
# What is wrong with a comment that takes a use off.
REFUSED, UNUSED = "suppression-refused", "suppression-unused"
# A file that could not be looked at.
UNREAD = "file-unread"

# By code, with the name of what is used.
USES = {
    IMPORT: marked("{subject} is imported"),
    CLASS: marked("{subject} speaks to OpenAI"),
    URL: marked("{subject} is an address of OpenAI's"),
    KEY: marked("{subject} is a variable of OpenAI's"),
    MODEL: marked("{subject} is a model of OpenAI's"),
    DEPENDENCY: marked("{subject} is a package of OpenAI's, or made for it alone"),
}
CODES = tuple(USES)
USES[UNREAD] = marked("it holds a word of OpenAI's and cannot be read: {subject}")
# What each code is about, for the reports of other programs.
ABOUT = {
    IMPORT: marked("The openai package is imported anew."),
    CLASS: marked("A class of a framework that speaks to OpenAI is imported anew."),
    URL: marked("An address of OpenAI's or Azure OpenAI's is written anew."),
    KEY: marked("A variable of OpenAI's is read or set anew."),
    MODEL: marked("A model of OpenAI's is named anew."),
    DEPENDENCY: marked("A package of OpenAI's becomes a dependency."),
    REFUSED: marked("A comment that takes a use off is not honoured."),
    UNUSED: marked("A comment takes off what is not there."),
    UNREAD: marked("A file could not be looked at."),
}
