import pytest

from leadkit.pipelines import Target, parse_target


@pytest.mark.parametrize(
    ("text", "strategy", "name"),
    [
        ("user-7", "user", "user-7"),
        ("user:urn:7", "user", "urn:7"),
        ("round-robin:senior-ae", "round-robin", "senior-ae"),
        ("nearest:a:b", "nearest", "a:b"),
    ],
)
def test_a_target_is_a_user_or_a_strategy_and_a_pool(text, strategy, name):
    assert parse_target(text) == Target(strategy=strategy, name=name)


@pytest.mark.parametrize("text", [":pool", "round-robin:", ":"])
def test_half_a_target_is_refused(text):
    with pytest.raises(ValueError, match="expected") as caught:
        parse_target(text)

    assert str(caught.value) == "expected a user id, or a strategy and a pool such as round-robin:senior-ae"
