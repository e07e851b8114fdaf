"""How questions are answered: by a page, whole or in part; by data, figures with the way to what their fields mean, or
what can't be read, by field."""

from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from initiatives.actions.readings import note_named
from mtd_tracker.htmx import render_htmx

TEXT = "text/plain; charset=utf-8"


def answer_page(request, page, context, *, root, fragment, said):
    """The whole page; or what htmx replaces of it, with the sentence that is read out.

    root: id of the element that is replaced. said: None where the question can't be read.
    """
    context |= {"fragment": fragment, "said": said}
    return render_htmx(request, page, context, fragments={root: "conflicts/_live.html"})


def answer_moved(request, name, *arguments):
    """The way to the same question of what took the asked one's place. name: of the address."""
    address = reverse(name, args=arguments)
    return redirect(f"{address}?{request.GET.urlencode()}" if request.GET else address, permanent=True)


def note_in_file(request, records):
    """Write down who gets a file that names these; a HEAD brings none."""
    if request.method == "GET":
        note_named(records, by=request.user)


def answer_json(request, figures):
    return JsonResponse(figures | {"fields": request.build_absolute_uri(reverse("initiatives:fields"))})


def answer_csv(text, *, name):
    """text: whole, or an iterator of its parts, each of which is made when it is sent."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    answer = HttpResponse if isinstance(text, str | bytes) else StreamingHttpResponse
    return answer(text, content_type="text/csv; charset=utf-8", headers=headers)


def refused_as_json(errors):
    """errors: of a form, by field."""
    told = {field: [str(message) for message in messages] for field, messages in errors.items()}
    return JsonResponse({"errors": told}, status=400)


def refused_as_text(errors):
    return HttpResponse("".join(f"{line}\n" for line in lines_of(errors)), content_type=TEXT, status=400)


def lines_of(errors):
    """Shape: ["field: what is wrong with it"]."""
    return [f"{field}: {message}" for field, messages in errors.items() for message in messages]
