// Memory that somebody else owns: a pointer and a length, as std::span has them in C++20.
#pragma once

#include <cstddef>
#include <type_traits>
#include <vector>

namespace voxhost {

/// Elements side by side. Whoever makes a view keeps the memory for as long as the view is used.
template <class T>
class View {
 public:
  constexpr View() noexcept = default;
  constexpr View(T* data, std::size_t size) noexcept : data_(data), size_(size) {}
  /// What may be changed may be read.
  template <class U, class = std::enable_if_t<std::is_same_v<const U, T>>>
  constexpr View(View<U> other) noexcept : data_(other.data()), size_(other.size()) {}

  constexpr T* data() const noexcept { return data_; }
  constexpr std::size_t size() const noexcept { return size_; }
  constexpr bool empty() const noexcept { return size_ == 0; }
  constexpr T* begin() const noexcept { return data_; }
  constexpr T* end() const noexcept { return data_ + size_; }
  constexpr T& operator[](std::size_t index) const noexcept { return data_[index]; }
  /// `count` elements from `start` on, which must be there.
  constexpr View part(std::size_t start, std::size_t count) const noexcept { return {data_ + start, count}; }

 private:
  T* data_ = nullptr;
  std::size_t size_ = 0;
};

using Bytes = View<const std::byte>;
using MutableBytes = View<std::byte>;

/// The bytes of `count` numbers.
template <class T>
Bytes bytes_of(const T* data, std::size_t count) noexcept {
  static_assert(std::is_arithmetic_v<T>, "voxels are numbers");
  return {reinterpret_cast<const std::byte*>(data), count * sizeof(T)};
}

template <class T>
Bytes bytes_of(const std::vector<T>& numbers) noexcept {
  return bytes_of(numbers.data(), numbers.size());
}

}  // namespace voxhost
