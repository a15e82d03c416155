#pragma once

#include "support/allocations.hpp"

namespace vidi_benchmark {

/// Lets the allocations of OpenSSL be counted from now on. Throws std::logic_error if it has
/// allocated before: it does not change its functions then.
void count_openssl_allocations();

/// What OpenSSL has allocated on the calling thread.
vidi_test::allocations openssl_allocations_so_far() noexcept;

} // namespace vidi_benchmark
