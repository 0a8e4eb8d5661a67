// Eight points of secp256k1 at once, for recover_lanes.cpp alone (field_lanes.hpp says for which processors).
//
// Sums are *incomplete*: they are right unless the two points are equal, opposite, or one is the point at infinity. In
// each of these cases the sum's z is 0, and it stays 0 through every later sum and doubling, so one look at the last z tells
// whether anything went wrong on the way. Nothing here depends on the curve's constant 7, so all of it holds on the
// isomorphic curves y² = x³ + 7·t⁶ too.
#pragma once

#include "crypto/field_lanes.hpp"

namespace moot::crypto::kernel {

struct AffinePoint {
  Field x;
  Field y;
};

// (x / z², y / z³).
struct JacobianPoint {
  Field x;
  Field y;
  Field z;
};

namespace group {

// 3 multiplications, 4 squarings. Bernstein, Lange, "Explicit-Formulas Database", dbl-2009-l with 4·x·y² multiplied out.
MOOT_IFMA_INLINE JacobianPoint twice(const JacobianPoint& p) {
  using namespace field;
  const Field yy = square(p.y);
  const Field xyy = multiply(p.x, yy);
  const Field yyyy = square(yy);
  const Field xx = square(p.x);
  const Field e = weak(sum(xx, doubled<1>(xx)));
  JacobianPoint out;
  out.x = weak(difference<9>(square(e), doubled<3>(xyy)));
  const Field w = weak(difference<2>(doubled<2>(xyy), out.x));
  out.y = weak(difference<9>(multiply(e, w), doubled<3>(yyyy)));
  out.z = weak(doubled<1>(multiply(p.y, p.z)));
  return out;
}

struct Sum {
  JacobianPoint point;
  Field ratio;  // z of the sum over z of p
};

// 8 multiplications, 3 squarings: madd-2004-hmv of the same database.
MOOT_IFMA_INLINE Sum plus(const JacobianPoint& p, const AffinePoint& q) {
  using namespace field;
  const Field zz = square(p.z);
  const Field h = weak(difference<2>(multiply(q.x, zz), p.x));
  const Field r = weak(difference<2>(multiply(q.y, multiply(zz, p.z)), p.y));
  const Field hh = square(h);
  const Field hhh = multiply(hh, h);
  const Field v = multiply(p.x, hh);
  JacobianPoint out;
  out.x = weak(difference<4>(square(r), sum(hhh, doubled<1>(v))));
  out.y = multiply_two(r, weak(difference<2>(v, out.x)), hhh, negated(p.y));
  out.z = multiply(p.z, h);
  return {.point = out, .ratio = h};
}

// The sum in the lanes named, p in the others.
MOOT_IFMA_INLINE void add(__mmask8 lanes, JacobianPoint& p, const AffinePoint& q) {
  const JacobianPoint sum = plus(p, q).point;
  p.x = field::chosen(lanes, sum.x, p.x);
  p.y = field::chosen(lanes, sum.y, p.y);
  p.z = field::chosen(lanes, sum.z, p.z);
}

}  // namespace group
}  // namespace moot::crypto::kernel
