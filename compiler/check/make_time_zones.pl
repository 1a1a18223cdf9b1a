#!/usr/bin/perl
# Writes time_zones.def from the zone files of this computer (Debian: tzdata). The last line of such a file is the
# rule that holds from now on, as POSIX writes it.
use strict;
use warnings;
use File::Find;

my $base = '/usr/share/zoneinfo';
my %rules;
find({no_chdir => 1, wanted => sub {
  my $name = substr($_, length($base) + 1 < length($_) ? length($base) + 1 : length($_));
  return unless -f $_ && ($name eq 'UTC' ||
    $name =~ m{^(Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific)/});
  open(my $in, '<:raw', $_) or die "$_: $!";
  local $/;
  my $bytes = <$in>;
  return unless $bytes =~ /^TZif/ && $bytes =~ /\n([^\n]*)\n\z/;
  $rules{$name} = $1;
}}, $base);
print "// The time zones that a schedule may name, and their rule as POSIX writes it (IEEE 1003.1, TZ). Made by\n";
print "// make_time_zones.pl from the last lines of the files of tzdata 2025b.\n";
print "HPOL_TIME_ZONE(\"$_\", \"$rules{$_}\")\n" for sort keys %rules;
