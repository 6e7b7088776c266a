"""The Dataset page: tables, cards, downloads and uploads, without a browser."""

from __future__ import annotations

from components.core.state import TABLES
from tests.pages.test_pages import figures, open_page, text_of


def test_every_table_opens() -> None:
    for table in TABLES:
        app = open_page("dataset", {"table": [table]})
        if table == "coverage":
            assert len(figures(app)) == 1
        else:
            assert len(app.dataframe) == 1
            assert len(app.dataframe[0].value) > 0


def test_a_model_shows_its_card_and_only_its_rows() -> None:
    app = open_page("dataset", {"table": ["scores"], "model": ["gpt-3-175b"]})
    assert "Only what concerns" in text_of(app)
    card, rows = (one.value for one in app.dataframe)
    assert (card.iloc[:, 1].astype(str).str.contains("175B")).any()
    assert all(str(cell).endswith("model=gpt-3-175b") for cell in rows["model_id"])


def test_unknown_ids_and_empty_results_are_said() -> None:
    app = open_page("dataset", {"table": ["scores"], "source": ["nobody2020"], "q": ["zzzzzz"]})
    assert "source=nobody2020" in text_of(app)
    assert "No row" in text_of(app)


def test_choosing_a_table_writes_the_address() -> None:
    app = open_page("dataset", {"q": ["gpt"]})
    app.segmented_control(key="dataset.table").set_value("claims").run()
    assert app.query_params == {"table": "claims", "q": "gpt"}
    assert "claims" in text_of(app)


def test_an_upload_joins_the_session_and_problems_are_said() -> None:
    app = open_page("dataset")
    content = (
        b"model_id,benchmark,task,metric,n_shot,score,params\n"
        b"ours-1b,mmlu,average,accuracy,5,0.3,1e9\n"
        b"ours-2b,mmlu,average,accuracy,5,seven,2e9\n"
    )
    app.file_uploader(key="own-files").set_value([("ours.csv", content, "text/csv")]).run()
    assert not app.exception
    assert "1 scores of 1 models were read" in " ".join(warning.value for warning in app.warning)
    assert "seven" in text_of(app)
    assert "own.catalog" in app.session_state
    app.file_uploader(key="own-files").set_value([]).run()
    assert "own.catalog" not in app.session_state


def test_own_rows_can_be_removed_after_another_page() -> None:
    """The uploader comes back empty; the rows are still there, and so is the way to be rid of them."""
    app = open_page("dataset")
    assert not [button for button in app.button if button.key == "own-remove"]
    content = b"model_id,benchmark,task,metric,n_shot,score,params\nours-1b,mmlu,average,accuracy,5,0.3,1e9\n"
    app.file_uploader(key="own-files").set_value([("ours.csv", content, "text/csv")]).run()
    again = open_page("dataset", session={name: app.session_state[name] for name in ("own.catalog", "own.import")})
    assert "1 scores of 1 models were read" in " ".join(success.value for success in again.success)
    for page in (app, again):
        page.button(key="own-remove").click().run()
        assert not page.exception
        assert "own.catalog" not in page.session_state
        assert "own.import" not in page.session_state
        assert not page.success
        (uploader,) = page.file_uploader
        assert not uploader.value
        uploader.set_value([("ours.csv", content, "text/csv")]).run()
        assert "own.catalog" in page.session_state
