#include "support/freed_memory.hpp"

#include <malloc.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

namespace {

// What is looked for. The text is null in a place that is not taken.
struct watched_text
{
    std::atomic<char const*> text = nullptr;
    std::atomic<std::size_t> size = 0;
    std::atomic<std::size_t> findings = 0;
};

std::array<watched_text, 4> watched;

std::size_t free_place()
{
    std::size_t place = 0;
    while (place < watched.size() && watched[place].text)
        ++place;
    return place;
}

void look_at(void* memory)
{
    if (!memory)
        return;
    for (auto& each : watched) {
        auto const* const text = each.text.load();
        if (text && ::memmem(memory, ::malloc_usable_size(memory), text, each.size))
            ++each.findings;
    }
}

void* allocate(std::size_t bytes) { return std::malloc(bytes == 0 ? 1 : bytes); }

void* or_bad_alloc(void* memory)
{
    if (!memory)
        throw std::bad_alloc{};
    return memory;
}

void release(void* memory)
{
    look_at(memory);
    std::free(memory);
}

} // namespace

vidi_test::freed_memory::freed_memory(std::string text)
    : text_{std::move(text)}, place_{free_place()}
{
    auto& place = watched.at(place_);
    place.findings = 0;
    place.size = text_.size();
    place.text = text_.data();
}

vidi_test::freed_memory::~freed_memory() { watched[place_].text = nullptr; }

std::size_t vidi_test::freed_memory::findings() const noexcept { return watched[place_].findings; }

// The standard library's other forms call these. A sanitizer's do not, so that the nothrow form is
// here as well.

void* operator new(std::size_t bytes) { return or_bad_alloc(allocate(bytes)); }

void* operator new(std::size_t bytes, std::nothrow_t const&) noexcept { return allocate(bytes); }

void* operator new(std::size_t bytes, std::align_val_t alignment)
{
    void* memory = nullptr;
    auto const failed = ::posix_memalign(&memory, static_cast<std::size_t>(alignment), bytes);
    return or_bad_alloc(failed == 0 ? memory : nullptr);
}

void operator delete(void* memory) noexcept { release(memory); }

void operator delete(void* memory, std::size_t) noexcept { release(memory); }

void operator delete(void* memory, std::align_val_t) noexcept { release(memory); }

void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { release(memory); }
