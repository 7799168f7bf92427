select delivery_id from deliveries where succeeded not in (0, 1);
