// A public key as its two coordinates, x ‖ y, big-endian: what an address is hashed from. For crypto/ sources and tests only.
#pragma once

#include <array>
#include <span>

#include "base/bytes.hpp"

namespace moot::crypto {

using PointBytes = std::array<u8, 64>;

// out[i] = the last 20 bytes of keccak256(points[i]), each with its place in `out`.
void addresses_of(std::span<const PointBytes> points, std::span<Address> out);

}  // namespace moot::crypto
