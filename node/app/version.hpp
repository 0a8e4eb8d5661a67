// The program's version, from CMake's project().
#pragma once

namespace moot::node::app {

extern const char* const kVersion;

}  // namespace moot::node::app
