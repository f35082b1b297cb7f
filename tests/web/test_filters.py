"""What filters write into a page is escaped, whoever named the thing."""

from cps.web.filters import as_options


def test_the_options_of_a_list_are_escaped_and_one_is_chosen():
    written = as_options([("a", "<b>Ana</b>"), ('"x', "B & C"), (7, "Seven")], "7")

    assert written.split("\n") == [
        '<option value="a">&lt;b&gt;Ana&lt;/b&gt;</option>',
        '<option value="&#34;x">B &amp; C</option>',
        '<option value="7" selected>Seven</option>',
    ]
