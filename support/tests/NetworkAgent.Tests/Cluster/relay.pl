# On a node: has each of its pods try the same targets, all at once. Arguments: the line for the pods, then their addresses.
use strict;
use warnings;
use IO::Socket::INET;

my ($line, @pods) = @ARGV;
my %socket = map { $_ => IO::Socket::INET->new(PeerAddr => $_, PeerPort => 79, Timeout => 2) } @pods;
for my $pod (@pods) {
    my $socket = $socket{$pod} or die "$pod does not answer its node: $!\n";
    print $socket "$line\n";
    $socket->flush;
}
for my $pod (@pods) {
    my $socket = $socket{$pod};
    print "$pod $_" while <$socket>;
}
