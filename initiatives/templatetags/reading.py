from django import template

from initiatives import markdown

register = template.Library()

register.filter("markdown", markdown.render)
register.filter("with_links", markdown.with_links)
