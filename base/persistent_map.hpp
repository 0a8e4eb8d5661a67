// An ordered map whose copies are O(1) and share what they have in common: a B+ tree, copied along the path of a change.
//
// Insert, overwrite, erase, exact and neighbour look-up; iteration in key order. Erase drops empty nodes but does not
// merge underfull ones, which suits maps that seldom shrink. Readers of a copy need no lock.
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "base/ref.hpp"

namespace moot {

template <class Key, class Value>
class PersistentMap {
  static constexpr std::size_t kFanout = 32;
  static constexpr std::size_t kPacked = 28;  // room for a few insertions before a node splits
  struct Node;
  using Children = std::vector<std::pair<Key, Ref<Node>>>;  // by each child's smallest key

 public:
  using Entry = std::pair<Key, Value>;

  // Of entries that ascend by key: fuller nodes than insertion makes, in one pass.
  static PersistentMap from_sorted(std::span<const Entry> entries) {
    PersistentMap map;
    map.size_ = entries.size();
    Children level;
    for (std::span<const Entry> rest = entries; !rest.empty();) {
      const auto some = rest.first(std::min(rest.size(), kPacked));
      rest = rest.subspan(some.size());
      Node node;
      node.entries.assign(some.begin(), some.end());
      level.emplace_back(some.front().first, Ref<Node>::make(std::move(node)));
    }
    while (level.size() > 1) {
      Children above;
      for (std::size_t at = 0; at < level.size(); at += kPacked) {
        const auto from = level.begin() + static_cast<std::ptrdiff_t>(at);
        const auto to = from + static_cast<std::ptrdiff_t>(std::min(level.size() - at, kPacked));
        Node node;
        node.children.assign(std::make_move_iterator(from), std::make_move_iterator(to));
        const Key first = node.first();
        above.emplace_back(first, Ref<Node>::make(std::move(node)));
      }
      level = std::move(above);
    }
    if (!level.empty()) map.root_ = std::move(level.front().second);
    return map;
  }

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }

  // The entry with the greatest key ≤ `key`, or null.
  [[nodiscard]] const Entry* at_or_below(const Key& key) const {
    if (!root_) return nullptr;
    const Node* node = &*root_;
    if (key < node->first()) return nullptr;
    while (!node->children.empty()) node = &*node->children[node->child_for(key)].second;
    const auto it = upper(node->entries, key);
    return &*std::prev(it);  // every subtree on the path starts at or below `key`
  }

  [[nodiscard]] const Value* find(const Key& key) const {
    const Entry* entry = at_or_below(key);
    return entry && entry->first == key ? &entry->second : nullptr;
  }
  [[nodiscard]] bool contains(const Key& key) const { return find(key) != nullptr; }

  // Brings near what look-ups of these keys will read, a level of the tree at a time for all of them, so that their waits
  // for memory overlap instead of adding up. Changes nothing. For a few keys: some dozens fill the nearest cache.
  void fetch(std::span<const Key> keys) const {
    if (!root_) return;
    std::vector<const Node*> at(keys.size(), &*root_);
    for (bool inner = true; inner;) {
      inner = false;
      for (std::size_t i = 0; i < keys.size(); ++i) {
        if (at[i]->children.empty()) continue;
        at[i] = &*at[i]->children[at[i]->child_for(keys[i])].second;
        __builtin_prefetch(at[i]);
        inner = true;
      }
      if (!inner) return;
      for (const Node* node : at) {
        prefetch_all(node->entries);
        prefetch_all(node->children);
      }
    }
  }

  // The entry with the smallest key, or null.
  [[nodiscard]] const Entry* first() const {
    if (!root_) return nullptr;
    const Node* node = &*root_;
    while (!node->children.empty()) node = &*node->children.front().second;
    return &node->entries.front();
  }

  // Inserts, or overwrites the value of an equal key. True when the key is new.
  bool put(const Key& key, Value value) {
    if (!root_) root_ = Ref<Node>::make();
    bool added = false;
    Ref<Node> right = put_into(root_.unique(), key, std::move(value), added);
    if (right) {
      Node top;
      top.children = {{root_->first(), root_}, {right->first(), right}};
      root_ = Ref<Node>::make(std::move(top));
    }
    size_ += added ? 1 : 0;
    return added;
  }

  // True when the key was there.
  bool erase(const Key& key) {
    if (!contains(key)) return false;
    erase_from(root_.unique(), key);
    if (root_->vacant()) root_ = {};
    --size_;
    return true;
  }

  // Calls visit(key, value) in key order.
  template <class Visit>
  void for_each(Visit&& visit) const {
    if (root_) walk(*root_, visit);
  }

 private:
  struct Node {
    std::vector<Entry> entries;  // a leaf's
    Children children;           // an inner node's

    [[nodiscard]] bool vacant() const { return entries.empty() && children.empty(); }
    [[nodiscard]] const Key& first() const {
      return children.empty() ? entries.front().first : children.front().first;
    }
    [[nodiscard]] std::size_t child_for(const Key& key) const {
      const auto it = upper(children, key);
      return it == children.begin() ? 0 : static_cast<std::size_t>(it - children.begin()) - 1;
    }
  };

  template <class Pairs>
  static void prefetch_all(const Pairs& pairs) {
    constexpr std::size_t kCacheLine = 64;
    const auto* bytes = reinterpret_cast<const char*>(pairs.data());
    for (std::size_t i = 0; i < pairs.size() * sizeof(pairs[0]); i += kCacheLine)
      __builtin_prefetch(bytes + i);
  }

  template <class Pairs>
  static auto upper(Pairs& pairs, const Key& key) {
    return std::upper_bound(pairs.begin(), pairs.end(), key,
                            [](const Key& k, const auto& pair) { return k < pair.first; });
  }

  // Gives the new right half when the node had to split.
  static Ref<Node> put_into(Node& node, const Key& key, Value value, bool& added) {
    if (node.children.empty()) {
      node.entries.reserve(kFanout + 1);
      const auto at = upper(node.entries, key);
      if (at != node.entries.begin() && std::prev(at)->first == key) {
        std::prev(at)->second = std::move(value);
        return {};
      }
      added = true;
      node.entries.insert(at, {key, std::move(value)});
      return split(node, &Node::entries);
    }
    const std::size_t index = node.child_for(key);
    auto& [first, child] = node.children[index];
    Ref<Node> right = put_into(child.unique(), key, std::move(value), added);
    first = child->first();
    if (!right) return {};
    node.children.reserve(kFanout + 1);
    node.children.insert(node.children.begin() + static_cast<std::ptrdiff_t>(index) + 1,
                         {right->first(), right});
    return split(node, &Node::children);
  }

  // Moves the upper half out once a node is over-full.
  template <class List>
  static Ref<Node> split(Node& node, List Node::* list) {
    auto& items = node.*list;
    if (items.size() <= kFanout) return {};
    const auto middle = items.begin() + kFanout / 2;
    Node right;
    (right.*list).reserve(kFanout + 1);
    (right.*list).assign(std::make_move_iterator(middle), std::make_move_iterator(items.end()));
    items.erase(middle, items.end());
    return Ref<Node>::make(std::move(right));
  }

  static void erase_from(Node& node, const Key& key) {
    if (node.children.empty()) {
      node.entries.erase(std::prev(upper(node.entries, key)));
      return;
    }
    const std::size_t index = node.child_for(key);
    auto& [first, child] = node.children[index];
    erase_from(child.unique(), key);
    if (child->vacant()) {
      node.children.erase(node.children.begin() + static_cast<std::ptrdiff_t>(index));
    } else {
      first = child->first();
    }
  }

  template <class Visit>
  static void walk(const Node& node, Visit& visit) {
    for (const auto& [key, value] : node.entries) visit(key, value);
    for (const auto& [first, child] : node.children) walk(*child, visit);
  }

  Ref<Node> root_;
  std::size_t size_ = 0;
};

}  // namespace moot
