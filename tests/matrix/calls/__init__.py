"""How each route is called, by its name; pages and operations of the API."""

from tests.matrix.calls import matters, people, work

PAGES = people.PAGES | matters.PAGES | work.PAGES
API = people.API | matters.API | work.API
