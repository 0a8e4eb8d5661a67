// A counted reference to an immutable-when-shared node: the building block of the ledger's persistent containers.
//
// Copying a Ref is O(1). Whoever wants to change a node calls `unique()`: a node that nobody else holds is changed in
// place, a shared one is copied first. Holders in other threads may drop their references at any time; they never change
// a node. The count is atomic, and the acquire load in unique() pairs with the release in the other thread's drop.
#pragma once

#include <atomic>
#include <cstddef>
#include <utility>

namespace moot {

template <class Node>
class Ref {
 public:
  Ref() = default;
  Ref(const Ref& other) : box_(other.box_) {
    if (box_) box_->count.fetch_add(1, std::memory_order_relaxed);
  }
  Ref(Ref&& other) noexcept : box_(std::exchange(other.box_, nullptr)) {}
  Ref& operator=(Ref other) noexcept {
    std::swap(box_, other.box_);
    return *this;
  }
  ~Ref() {
    if (box_ && box_->count.fetch_sub(1, std::memory_order_acq_rel) == 1) delete box_;
  }

  template <class... Args>
  static Ref make(Args&&... args) {
    return Ref(new Box{.value = Node(std::forward<Args>(args)...)});
  }

  explicit operator bool() const { return box_ != nullptr; }
  const Node& operator*() const { return box_->value; }
  const Node* operator->() const { return &box_->value; }
  [[nodiscard]] bool same(const Ref& other) const { return box_ == other.box_; }

  // The node, safe to change: copied first when somebody else holds it.
  Node& unique() {
    if (box_->count.load(std::memory_order_acquire) != 1) *this = Ref(new Box{.value = box_->value});
    return box_->value;
  }

 private:
  struct Box {
    std::atomic<std::size_t> count{1};
    Node value;
  };
  explicit Ref(Box* box) : box_(box) {}
  Box* box_ = nullptr;
};

// A whole value that is copied when it is first changed after being shared. For small records.
template <class T>
class Cow {
 public:
  Cow() : ref_(Ref<T>::make()) {}
  explicit Cow(T value) : ref_(Ref<T>::make(std::move(value))) {}
  const T& operator*() const { return *ref_; }
  const T* operator->() const { return &*ref_; }
  T& edit() { return ref_.unique(); }
  // True when neither has been changed since one was copied from the other (or both hold the same unchanged value).
  [[nodiscard]] bool same(const Cow& other) const { return ref_.same(other.ref_); }

 private:
  Ref<T> ref_;
};

// An optional that costs a pointer while empty, for a part that few records have. Copies share the value.
template <class T>
class Rare {
 public:
  Rare() = default;
  Rare(T value) : ref_(Ref<T>::make(std::move(value))) {}  // as std::optional: a value is a full one
  explicit operator bool() const { return static_cast<bool>(ref_); }
  [[nodiscard]] bool has_value() const { return static_cast<bool>(ref_); }
  const T& operator*() const { return *ref_; }
  const T* operator->() const { return &*ref_; }
  // The value, to be set; an empty one becomes full.
  T& emplace() {
    ref_ = Ref<T>::make();
    return ref_.unique();
  }
  void reset() { ref_ = {}; }
  friend bool operator==(const Rare& a, const Rare& b) {
    return a.has_value() == b.has_value() && (!a.has_value() || *a == *b);
  }

 private:
  Ref<T> ref_;
};

// Values that few records have, kept apart: a pointer while all of them are what T{} has. Copies share them.
template <class T>
class Seldom {
 public:
  const T& operator*() const {
    static const T usual{};
    return ref_ ? *ref_ : usual;
  }
  const T* operator->() const { return &**this; }
  T& edit() {
    if (!ref_) ref_ = Ref<T>::make();
    return ref_.unique();
  }
  // Gives the room back when the values are the usual ones again.
  void settle() {
    if (ref_ && *ref_ == T{}) ref_ = {};
  }
  friend bool operator==(const Seldom& a, const Seldom& b) { return *a == *b; }

  // For a record's describe(), which reads or fills in every field.
  static const T& open(const Seldom& self) { return *self; }
  static T& open(Seldom& self) { return self.edit(); }

 private:
  Ref<T> ref_;
};

}  // namespace moot
