#include "support/allocations.hpp"

#include <cerrno>
#include <cstdlib>
#include <new>

namespace {

thread_local vidi_test::allocations so_far;

void count(std::size_t bytes)
{
    ++so_far.calls;
    so_far.bytes += bytes;
}

void* allocate(std::size_t bytes)
{
    count(bytes);
    return std::malloc(bytes == 0 ? 1 : bytes);
}

void* or_bad_alloc(void* memory)
{
    if (!memory)
        throw std::bad_alloc{};
    return memory;
}

} // namespace

vidi_test::allocations vidi_test::allocations_so_far() noexcept { return so_far; }

// The standard library's other forms call these. A sanitizer's do not, so that the nothrow form is
// here as well: Asio uses it.

void* operator new(std::size_t bytes) { return or_bad_alloc(allocate(bytes)); }

void* operator new(std::size_t bytes, std::nothrow_t const&) noexcept { return allocate(bytes); }

void* operator new(std::size_t bytes, std::align_val_t alignment)
{
    return or_bad_alloc(std::aligned_alloc(static_cast<std::size_t>(alignment), bytes));
}

void operator delete(void* memory) noexcept { std::free(memory); }

void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }

extern "C" void* aligned_alloc(std::size_t alignment, std::size_t bytes) noexcept
{
    count(bytes);
    void* memory = nullptr;
    errno = posix_memalign(&memory, alignment, bytes);
    return memory;
}
