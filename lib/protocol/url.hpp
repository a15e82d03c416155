#pragma once

#include "protocol/origin.hpp"

#include <boost/url/url_view.hpp>

#include <string>

namespace vidi::protocol {

// What is wrong with the host or the port of an http or https URL; empty if nothing is.
std::string problem_with_authority(boost::urls::url_view const&);

// Scheme, host and port of a URL in which nothing is wrong with them.
origin origin_of(boost::urls::url_view const&);

} // namespace vidi::protocol
