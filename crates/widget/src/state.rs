//! What the widget is doing, as a machine without a browser.

/// The states a page can read from `element.state`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum State {
    /// The form is not adopted yet.
    Loading,
    /// A press would start a run.
    Ready,
    /// A run is on its way, from the press to its outcome.
    Running,
    /// The answer is whole.
    Done,
    /// The visitor has no runs left.
    Capped,
    /// The last press, or the start, came to nothing.
    Failed,
}

/// What can happen to a widget.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Step {
    /// The form is adopted.
    Adopt,
    /// A run starts: a press, or an attempt found after a reload.
    Start,
    /// The answer is whole.
    Finish,
    /// No runs are left.
    Cap,
    /// It came to nothing.
    Fail,
    /// The visitor, or the page, wipes the answer.
    Reset,
    /// A run came back to a visitor who had none.
    Return,
}

impl State {
    /// The word a page reads.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Loading => "loading",
            Self::Ready => "ready",
            Self::Running => "running",
            Self::Done => "done",
            Self::Capped => "capped",
            Self::Failed => "failed",
        }
    }

    /// Where a step leads; `None`: it does not apply here and nothing changes.
    pub(crate) const fn after(self, step: Step) -> Option<Self> {
        match (self, step) {
            (Self::Loading, Step::Adopt) | (Self::Capped, Step::Return) => Some(Self::Ready),
            (Self::Ready | Self::Done | Self::Failed | Self::Capped, Step::Start) => Some(Self::Running),
            (Self::Ready | Self::Done | Self::Failed | Self::Capped, Step::Reset) => Some(Self::Ready),
            (Self::Running, Step::Finish) => Some(Self::Done),
            (Self::Running | Self::Ready, Step::Cap) => Some(Self::Capped),
            (Self::Running | Self::Ready | Self::Done | Self::Failed, Step::Fail) => Some(Self::Failed),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [State; 6] = [State::Loading, State::Ready, State::Running, State::Done, State::Capped, State::Failed];

    #[test]
    fn a_second_press_while_running_starts_nothing() {
        assert_eq!(State::Running.after(Step::Start), None);
    }

    #[test]
    fn nothing_starts_before_the_form_is_adopted() {
        assert_eq!(State::Loading.after(Step::Start), None);
        assert_eq!(State::Loading.after(Step::Adopt), Some(State::Ready));
    }

    #[test]
    fn a_run_ends_done_capped_or_failed() {
        assert_eq!(State::Running.after(Step::Finish), Some(State::Done));
        assert_eq!(State::Running.after(Step::Cap), Some(State::Capped));
        assert_eq!(State::Running.after(Step::Fail), Some(State::Failed));
        assert_eq!(State::Running.after(Step::Reset), None, "a running answer is stopped, not wiped");
    }

    #[test]
    fn a_whole_answer_is_not_replaced_by_the_cap_it_used_up() {
        assert_eq!(State::Done.after(Step::Cap), None);
    }

    #[test]
    fn only_a_capped_widget_returns() {
        for state in ALL {
            assert_eq!(state.after(Step::Return).is_some(), state == State::Capped, "{}", state.name());
        }
    }

    #[test]
    fn every_state_but_loading_and_running_can_start() {
        for state in ALL {
            let can = !matches!(state, State::Loading | State::Running);
            assert_eq!(state.after(Step::Start).is_some(), can, "{}", state.name());
        }
    }
}
