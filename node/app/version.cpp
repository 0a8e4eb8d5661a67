#include "node/app/version.hpp"

namespace moot::node::app {

const char* const kVersion = MOOT_VERSION;

}  // namespace moot::node::app
