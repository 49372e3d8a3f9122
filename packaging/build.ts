import { bundle } from './bundles';

void bundle();
