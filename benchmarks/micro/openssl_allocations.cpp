#include "openssl_allocations.hpp"

#include <openssl/crypto.h>

#include <cstdlib>
#include <stdexcept>

namespace vidi_benchmark {
namespace {

thread_local vidi_test::allocations so_far;

void count(std::size_t bytes)
{
    ++so_far.calls;
    so_far.bytes += bytes;
}

void* allocate(std::size_t bytes, char const*, int)
{
    count(bytes);
    return std::malloc(bytes);
}

void* reallocate(void* memory, std::size_t bytes, char const*, int)
{
    count(bytes);
    return std::realloc(memory, bytes);
}

void release(void* memory, char const*, int) { std::free(memory); }

} // namespace

void count_openssl_allocations()
{
    if (CRYPTO_set_mem_functions(allocate, reallocate, release) != 1)
        throw std::logic_error{"OpenSSL has allocated before it was told how to"};
}

vidi_test::allocations openssl_allocations_so_far() noexcept { return so_far; }

} // namespace vidi_benchmark
