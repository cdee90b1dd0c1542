"""A matter of the demo company on its way, and who people type into its forms."""

from dataclasses import dataclass
from datetime import date

from tests import forms_samples as samples
from tests.journeys.browser.conftest import Stage
from tests.journeys.browser.someone import Someone

CAST = samples.Cast(
    product="产品部", marketing="市场部", technology="技术部", operations="运营部",
    product_manager="林晓彤", product_head="周建国", promotion_manager="赵思远", development_lead="孙浩",
    operations_manager="吴佳怡",
)  # fmt: skip  # type: ignore[arg-type]  # people type names, the product finds who is meant


@dataclass
class Carried:
    """What stays the same from act to act: the matter, its title and its first day."""

    stage: Stage
    matter: int
    title: str
    start: date

    @property
    def lead(self) -> Someone:
        return self.stage("林晓彤")

    def step(self) -> str:
        self.lead.go(f"/matters/{self.matter}/")
        return self.lead.page.locator("header.matterhead .mark").first.inner_text().strip()
