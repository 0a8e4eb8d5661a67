// Where mootd's lines go: standard error, by spdlog, each at once. base/log.hpp makes the lines.
#pragma once

#include "base/log.hpp"

namespace moot::node::app {

// Whether standard error goes to systemd's journal, which stamps each line itself.
bool stderr_is_journal();

// To the journal, each line begins with its severity as `<6>`, which the journal takes off again.
Logger::Sink stderr_sink(bool journal);

}  // namespace moot::node::app
