// What the example says while it plays, and what is left to read afterwards: lines for people, and the same as JSON.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <chrono>
#include <iosfwd>
#include <string>
#include <string_view>

#include "base/units.hpp"

namespace moot::wallet::example {

using Milliseconds = std::chrono::milliseconds;

// A stopwatch that runs from its making.
class Stopwatch {
 public:
  [[nodiscard]] Milliseconds elapsed() const;

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// "0.84 s".
std::string seconds_text(Milliseconds time);
// Things a second, rounded down; 0 when no time has passed.
u64 rate_of(u64 count, Milliseconds time);
// "53,900.000000 USDX", grouped for reading; what is signed has no separators.
std::string money_text(u64 amount);
// "99.49 %" of `whole`, rounded down to hundredths.
std::string percent_text(u64 part, u64 whole);

// Not thread-safe.
class Narrator {
 public:
  explicit Narrator(std::ostream& out) : out_(out) {}

  void act(std::string_view title);
  void line(std::string_view text);
  // A line of work, with the time it took and its rate.
  void work(std::string_view text, u64 count, Milliseconds time);
  void refused(std::string_view what, std::string_view code);

  // A line of the summary, and its number or text in the JSON.
  void fact(std::string_view name, std::string_view title, std::string text, boost::json::value value);

  // {"facts": [{"name","title","text"}], "numbers": {name: value}, "acts": […], "refusals": [{"what","code"}]}.
  [[nodiscard]] boost::json::object finish();

 private:
  void end_act();

  std::ostream& out_;
  boost::json::array facts_;
  boost::json::object numbers_;
  boost::json::array refusals_;
  boost::json::array acts_;
  std::string act_;
  Stopwatch act_time_;
  Stopwatch total_;
};

}  // namespace moot::wallet::example
