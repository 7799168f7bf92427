select number from node_numbers where number not between 0 and 99;
