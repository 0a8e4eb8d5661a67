// A list of few elements in little room: 8 bytes and the N elements that are expected, and one block on the heap when there
// are more. For records that stand in memory by the million, where a std::vector's 24 bytes and its block for one element
// are most of what the record takes. Indices and sizes are 32 bits wide; iterators are pointers, ended by any change.
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <new>
#include <utility>

#include "base/check.hpp"

namespace moot {

template <class T, std::uint32_t N>
class SmallList {
 public:
  using value_type = T;
  using size_type = std::uint32_t;

  SmallList() = default;
  SmallList(std::initializer_list<T> items) { append(items.begin(), items.end()); }
  SmallList(const SmallList& other) { append(other.begin(), other.end()); }
  SmallList(SmallList&& other) noexcept { take(other); }
  SmallList& operator=(SmallList other) noexcept {
    release();
    take(other);
    return *this;
  }
  ~SmallList() { release(); }

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] T* begin() { return data(); }
  [[nodiscard]] T* end() { return data() + size_; }
  [[nodiscard]] const T* begin() const { return data(); }
  [[nodiscard]] const T* end() const { return data() + size_; }
  T& operator[](std::size_t index) { return data()[index]; }
  const T& operator[](std::size_t index) const { return data()[index]; }
  [[nodiscard]] T& front() { return *data(); }
  [[nodiscard]] const T& front() const { return *data(); }
  [[nodiscard]] T& back() { return data()[size_ - 1]; }
  [[nodiscard]] const T& back() const { return data()[size_ - 1]; }

  void push_back(T item) { insert(end(), std::move(item)); }
  template <class... Args>
  T& emplace_back(Args&&... args) {
    push_back(T(std::forward<Args>(args)...));
    return back();
  }
  // Before `at`; gives where the new element stands.
  T* insert(const T* at, T item) {
    const auto index = at - data();
    if (size_ == capacity_) grow();
    T* const items = data();
    new (items + size_) T(std::move(item));
    ++size_;
    std::rotate(items + index, items + size_ - 1, items + size_);
    return items + index;
  }
  T* erase(const T* at) {
    T* const items = data();
    const auto index = at - items;
    std::move(items + index + 1, items + size_, items + index);
    std::destroy_at(items + --size_);
    return items + index;
  }
  void clear() {
    release();
    size_ = 0;
    capacity_ = N;
  }

  friend bool operator==(const SmallList& a, const SmallList& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
  }

 private:
  [[nodiscard]] bool inside() const { return capacity_ == N; }
  T* data() { return inside() ? std::launder(reinterpret_cast<T*>(&room_)) : room_.heap; }
  const T* data() const { return inside() ? std::launder(reinterpret_cast<const T*>(&room_)) : room_.heap; }

  // Into an object that holds nothing.
  void append(const T* from, const T* to) {
    const auto count = static_cast<size_type>(to - from);
    if (count > N) widen(count);
    std::uninitialized_copy(from, to, data());
    size_ = count;
  }
  void grow() {
    MOOT_CHECK(capacity_ < size_type{1} << 30, "a list of few elements");
    widen(capacity_ + std::max<size_type>(1, capacity_ / 2));
  }
  void widen(size_type wider) {
    T* const heap = std::allocator<T>().allocate(wider);
    std::uninitialized_move(begin(), end(), heap);
    release();
    room_.heap = heap;
    capacity_ = wider;
  }
  // Ends the elements and their block, and leaves the object for whoever sets it anew.
  void release() {
    std::destroy(begin(), end());
    if (!inside()) std::allocator<T>().deallocate(room_.heap, capacity_);
  }
  // Into an object that holds nothing; the other is empty afterwards.
  void take(SmallList& other) {
    size_ = other.size_;
    capacity_ = other.capacity_;
    if (other.inside()) {
      std::uninitialized_move(other.begin(), other.end(), data());
      std::destroy(other.begin(), other.end());
    } else {
      room_.heap = other.room_.heap;
    }
    other.size_ = 0;
    other.capacity_ = N;
  }

  union Room {
    Room() {}  // nothing is alive until an element is put in
    alignas(N == 0 ? alignof(T*) : alignof(T)) unsigned char inline_items[N == 0 ? 1 : N * sizeof(T)];
    T* heap;
  };
  size_type size_ = 0;
  size_type capacity_ = N;  // N: the elements stand in the object
  Room room_;
};

}  // namespace moot
