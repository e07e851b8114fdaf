from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from initiatives.forms.members import WorkspaceForm
from initiatives.workspace import choose_workspace, workspace_of, workspaces_of
from mtd_tracker.returning import page_before
from mtd_tracker.saving import posted


@require_http_methods(["GET", "HEAD", "POST"])
def workspace(request):
    """Choose which of one's organisations one works for at the moment; then, back to where one was."""
    current = workspace_of(request)
    form = WorkspaceForm(
        posted(request),
        organisations=workspaces_of(request.user),
        initial={"organisation": current and current.code},
    )
    if form.is_valid():
        choose_workspace(request, form.cleaned_data["organisation"])
        messages.success(request, f"You now work for {form.cleaned_data['organisation']}.")
        return redirect(page_before(request, otherwise=reverse("initiatives:home")))
    return render(request, "workspace.html", {"form": form, "member": current is not None})
