#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>
#include <cstdarg>
#include <cstdio>
#include <map>

#include "bench/goals/goals.hpp"

namespace moot::bench {
namespace {

constexpr double kSlope = 1.05;  // twice the members, hardly more than twice the time

bool meets(const Row& row, double mark) {
  return row.better == Better::higher ? row.value >= mark : row.value <= mark;
}

const char* verdict_of(const Row& row) {
  if (meets(row, row.target)) return "target";
  return meets(row, row.floor) ? "floor" : "BELOW";
}

std::string name_of(const Row& row) {
  return row.members == 0 ? row.goal + " " + row.what
                          : row.goal + " " + row.what + ", " + std::to_string(row.members) + " members";
}

}  // namespace

bool Options::wants(std::initializer_list<const char*> goals) const {
  if (only.empty()) return true;
  return std::any_of(goals.begin(), goals.end(), [this](const char* goal) {
    return std::find(only.begin(), only.end(), goal) != only.end();
  });
}

void progress(const std::string& what) { std::fprintf(stderr, "bench: %s\n", what.c_str()); }

std::string text(const char* format, ...) {
  char out[256];
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(out, sizeof out, format, arguments);
  va_end(arguments);
  return out;
}

void Table::heading(const Limits& limits) {
  limits_ = limits;
  if (options_.json) return;
  std::printf(
      "limits: V1 %.0f verifications/s a core; recovery with address %.0f/s a core by the library (%.2f of "
      "V1), "
      "%.0f/s many at once (%.2f of V1); %u cores\n",
      limits.verify, limits.library, limits.library / limits.verify, limits.recover,
      limits.recover / limits.verify, limits.cores);
  std::printf("%-5s %-50s %9s %10s %-12s %8s %8s  %-7s %s\n", "goal", "what", "members", "value", "unit",
              "floor", "target", "meets", "beside");
}

void Table::print(const Row& row, const char* verdict) const {
  if (options_.json) return;
  const std::string members = row.members == 0 ? "" : std::to_string(row.members);
  std::printf("%-5s %-50s %9s %10.3f %-12s %8g %8g  %-7s %s\n", row.goal.c_str(), row.what.c_str(),
              members.c_str(), row.value, row.unit.c_str(), row.floor, row.target, verdict,
              row.limit.c_str());
  std::fflush(stdout);
}

void Table::add(const Row& row) {
  print(row, verdict_of(row));
  if (!meets(row, row.floor) && !(options_.quick && row.clock)) below_.push_back(name_of(row));
  rows_.push_back(row);
}

void Table::add_slopes() {
  std::map<std::pair<std::string, std::string>, std::vector<const Row*>> series;
  for (const Row& row : rows_)
    if (row.work && *row.work > 0) series[{row.goal, row.what}].push_back(&row);
  std::vector<Row> slopes;
  for (const auto& [name, points] : series) {
    const auto smaller = [](const Row* a, const Row* b) { return a->members < b->members; };
    const auto [small, large] = std::minmax_element(points.begin(), points.end(), smaller);
    if ((*small)->members == (*large)->members) continue;
    const double times = *(*large)->work / *(*small)->work;
    const double sizes = static_cast<double>((*large)->members) / static_cast<double>((*small)->members);
    slopes.push_back({.goal = "slope",
                      .what = name.first + " " + name.second,
                      .value = std::log(times) / std::log(sizes),
                      .unit = "log-log",
                      .better = Better::lower,
                      .floor = kSlope,
                      .target = kSlope,
                      .limit = text("%.3g ms to %.3g ms", 1e3 * *(*small)->work, 1e3 * *(*large)->work),
                      .clock = true,
                      .work = std::nullopt});
  }
  for (const Row& row : slopes) add(row);
}

void Table::print_json() const {
  boost::json::array rows;
  for (const Row& row : rows_)
    rows.push_back(boost::json::object{{"goal", row.goal},
                                       {"what", row.what},
                                       {"members", row.members},
                                       {"value", row.value},
                                       {"unit", row.unit},
                                       {"better", row.better == Better::higher ? "higher" : "lower"},
                                       {"floor", row.floor},
                                       {"target", row.target},
                                       {"meets", verdict_of(row)},
                                       {"clock", row.clock},
                                       {"beside", row.limit}});
  const boost::json::object out{
      {"limits", boost::json::object{{"verify_per_second", limits_.verify},
                                     {"library_recover_per_second", limits_.library},
                                     {"recover_per_second", limits_.recover},
                                     {"cores", limits_.cores}}},
      {"rows", rows},
      {"below", boost::json::array(below_.begin(), below_.end())}};
  std::printf("%s\n", boost::json::serialize(out).c_str());
}

void Table::finish() const {
  if (options_.json) return print_json();
  if (below_.empty())
    std::printf("%s\n", options_.quick ? "every exact counter is within its bound" : "every floor is met");
  for (const std::string& row : below_) std::printf("below its floor: %s\n", row.c_str());
}

}  // namespace moot::bench
