#include "tests/model/tally_model.hpp"

namespace moot::model {

Count count_votes(const std::map<u64, Elector>& electors, const std::map<u64, int>& ballots) {
  Count count;
  for (const auto& [id, elector] : electors) {
    count.electorate += elector.weight;
    if (const auto own = ballots.find(id); own != ballots.end()) {
      count.tally[own->second] += elector.weight;
      count.firm[own->second] += elector.weight;
      continue;
    }
    if (!elector.delegate || !electors.contains(*elector.delegate)) continue;
    const auto others = ballots.find(*elector.delegate);
    if (others != ballots.end()) count.tally[others->second] += elector.weight;
  }
  return count;
}

}  // namespace moot::model
