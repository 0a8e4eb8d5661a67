#include "wallet/example/narrator.hpp"

#include <fmt/format.h>

#include <ostream>

#include "wallet/example/genesis.hpp"
#include "wallet/output.hpp"

namespace moot::wallet::example {

Milliseconds Stopwatch::elapsed() const {
  return std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now() - start_);
}

std::string seconds_text(Milliseconds time) {
  const auto ms = static_cast<u64>(time.count());
  return fmt::format("{}.{:02} s", ms / 1'000, ms % 1'000 / 10);
}

u64 rate_of(u64 count, Milliseconds time) {
  const auto ms = static_cast<u64>(time.count());
  return ms == 0 ? 0 : count * 1'000 / ms;
}

std::string money_text(u64 amount) {
  return fmt::format("{}.{:06} {}", grouped(amount / kUnitOfMoney), amount % kUnitOfMoney, kSymbol);
}

std::string percent_text(u64 part, u64 whole) {
  const u64 hundredths = whole == 0 ? 0 : static_cast<u64>(u128{part} * 10'000 / whole);
  return fmt::format("{}.{:02} %", hundredths / 100, hundredths % 100);
}

void Narrator::end_act() {
  if (act_.empty()) return;
  acts_.push_back(boost::json::object{{"title", act_}, {"ms", act_time_.elapsed().count()}});
}

void Narrator::act(std::string_view title) {
  end_act();
  act_ = title;
  act_time_ = Stopwatch{};
  out_ << "\n" << acts_.size() + 1 << ". " << title << std::endl;
}

void Narrator::line(std::string_view text) { out_ << "   " << text << std::endl; }

void Narrator::work(std::string_view text, u64 count, Milliseconds time) {
  line(fmt::format("{:<66}{:>9}{:>12}/s", text, seconds_text(time), grouped(rate_of(count, time))));
}

void Narrator::refused(std::string_view what, std::string_view code) {
  line(fmt::format("refused  {:<57}{}", what, code));
  refusals_.push_back(boost::json::object{{"what", what}, {"code", code}});
}

void Narrator::fact(std::string_view name, std::string_view title, std::string text,
                    boost::json::value value) {
  facts_.push_back(boost::json::object{{"name", name}, {"title", title}, {"text", std::move(text)}});
  numbers_[name] = std::move(value);
}

boost::json::object Narrator::finish() {
  end_act();
  act_.clear();
  const Milliseconds total = total_.elapsed();
  fact("playedMs", "Played in", seconds_text(total), total.count());
  return {{"facts", facts_}, {"numbers", numbers_}, {"acts", acts_}, {"refusals", refusals_}};
}

}  // namespace moot::wallet::example
