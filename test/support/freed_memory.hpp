#pragma once

#include <cstddef>
#include <string>

namespace vidi_test {

/// Looks for a text in all memory that operator delete frees, on any thread, while it exists. Few
/// of these may exist at the same time. A program that is linked with this has its operators new
/// and delete replaced.
class freed_memory
{
public:
    explicit freed_memory(std::string text);
    ~freed_memory();
    freed_memory(freed_memory const&) = delete;
    freed_memory& operator=(freed_memory const&) = delete;

    /// How many blocks had the text in them.
    std::size_t findings() const noexcept;

private:
    std::string const text_;
    std::size_t const place_;
};

} // namespace vidi_test
