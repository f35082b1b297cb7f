"""The options of a list: those of the city are written once, and one is chosen where they are printed."""

from cps.city.queries import forget, in_force
from cps.web import options
from cps.web.options import Options


def test_the_departments_of_a_city_are_written_once_for_each_language(city):
    there = in_force()

    english = options.departments(there, "en")

    assert options.departments(there, "en") is english
    assert options.departments(there, "vi").printed("") != english.printed("")


def test_another_city_in_force_is_written_anew(city):
    before = options.departments(in_force(), "en")

    forget()

    assert options.departments(in_force(), "en") is not before


def test_what_is_left_out_of_a_list_stays_in_the_one_it_was_taken_from():
    all_three = Options([("a", "Ana"), ("b", "Bo"), ("c", "Chi")])

    assert all_three.without("b").printed("") == (
        '<option value="a">Ana</option>\n<option value="c">Chi</option>'
    )
    assert '<option value="b" selected>Bo</option>' in all_three.printed("b")
    assert "selected" not in all_three.printed("")


def test_a_text_that_looks_like_the_end_of_a_value_is_not_taken_for_it():
    hostile = Options([('">x', '">y')])

    assert hostile.printed('">x') == '<option value="&#34;&gt;x" selected>&#34;&gt;y</option>'
