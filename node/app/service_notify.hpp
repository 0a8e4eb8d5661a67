// Tells systemd how the service does (sd_notify(3)): one datagram to $NOTIFY_SOCKET. Without one, nothing happens.
#pragma once

#include <string_view>

namespace moot::node::app {

// "READY=1", "STOPPING=1", "STATUS=…"; several lines may go at once.
void notify_service(std::string_view state);

}  // namespace moot::node::app
