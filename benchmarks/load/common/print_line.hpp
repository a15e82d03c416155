#pragma once

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <iostream>

namespace load {

/// How all peers say what they measured.
inline void print_line(boost::json::object const& measured)
{
    std::cout << boost::json::serialize(measured) << std::endl;
}

} // namespace load
